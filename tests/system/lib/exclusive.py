"""Another program that takes the first reader's card for itself alone, until its stdin ends."""
import ctypes
import sys

EXCLUSIVE, ANY, LEAVE = 1, 3, 0
pcsc = ctypes.CDLL("libpcsclite.so.1")
context, handle, protocol = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
names, n = ctypes.create_string_buffer(2048), ctypes.c_ulong(2048)
scope = ctypes.c_ulong(2)

if pcsc.SCardEstablishContext(scope, None, None, ctypes.byref(context)):
    sys.exit("no context")
if pcsc.SCardListReaders(context, None, names, ctypes.byref(n)):
    sys.exit("no readers")
if pcsc.SCardConnect(context, names.value, ctypes.c_ulong(EXCLUSIVE), ctypes.c_ulong(ANY),
                     ctypes.byref(handle), ctypes.byref(protocol)):
    sys.exit("no card")
print("exclusive", flush=True)
sys.stdin.read()
pcsc.SCardDisconnect(handle, ctypes.c_ulong(LEAVE))
