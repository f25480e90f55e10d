"""From a question to a verified, cited answer, in process and over HTTP."""
