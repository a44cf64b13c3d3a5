"""Settings, addresses and the two ways in (WSGI and ASGI); imports every room and is imported by none."""

VERSION = "0.1.0"
