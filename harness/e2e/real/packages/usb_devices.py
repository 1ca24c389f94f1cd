"""The devices that are there, if any."""
import usb.backend.libusb1
import usb.core

backend = usb.backend.libusb1.get_backend(find_library=lambda name: "libusb-1.0.so.0")
print(backend is not None)
try:
    print(sorted((each.idVendor, each.idProduct) for each in usb.core.find(find_all=True, backend=backend)))
except (usb.core.USBError, usb.core.NoBackendError) as error:  # where the machine has no bus
    print(type(error).__name__, error)
