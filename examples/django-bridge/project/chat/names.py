"""The rule for the names of rooms."""

# A group's name has these characters and fewer than 100 of them, "chat_" among them.
ROOM_NAME = r"[A-Za-z0-9._-]{1,94}"
