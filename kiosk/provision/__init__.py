"""What a machine of the room needs, as files: the extension's packages, policies of browsers, and the script that puts them there."""
