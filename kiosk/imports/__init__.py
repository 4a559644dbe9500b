"""Files that bring pupils into an organisation, and what they would change: rules without database, clock or network.

`registry.IMPORTS` names the formats, one module each: a file opened for reading goes in, a `reading.Reading` comes out.
A file is never half read: any problem means that nobody is imported. Whatever a file holds, reading it ends in
findings, never in an exception.
"""
