"""What people see: chat, viewer, widget and command line."""
