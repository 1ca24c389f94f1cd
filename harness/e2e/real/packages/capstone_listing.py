"""Machine code, listed."""
from capstone import CS_ARCH_ARM, CS_ARCH_X86, CS_MODE_64, CS_MODE_ARM, Cs

for arch, mode, code in ((CS_ARCH_X86, CS_MODE_64, b"\x55\x48\x8b\x05\xb8\x13\x00\x00\xe9\xea\xbe\xad\xde"),
                         (CS_ARCH_ARM, CS_MODE_ARM, b"\xed\xff\xff\xeb\x04\xe0\x2d\xe5")):
    machine = Cs(arch, mode)
    machine.detail = True
    for each in machine.disasm(code, 0x1000):
        print(hex(each.address), each.size, each.mnemonic, each.op_str, [each.reg_name(one) for one in each.regs_read])
