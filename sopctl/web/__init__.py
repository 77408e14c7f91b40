"""The page of an office in a browser: the use cases of `desk` as buttons and forms, made on the server."""
