"""The same by another binding."""
import usb1

print(usb1.getVersion().major)
try:
    with usb1.USBContext() as context:
        print(sorted((each.getVendorID(), each.getProductID()) for each in context.getDeviceIterator()), context.hasHotplug() if hasattr(context, "hasHotplug") else None)
except usb1.USBError as error:
    print("USBError", error.value)
