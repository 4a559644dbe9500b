"""The demo: one school and one central instance on this machine, with people to be and a campaign to take.

Everything is made by the same functions and commands as a real installation; only the passwords are known to all,
and the demo listens on this machine alone for that reason.
"""
