"""How the room finds and trusts this server: its addresses, its certificate, its announcement, its QR codes."""
