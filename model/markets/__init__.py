"""The daily flow block: what mechanical flows and the Fed's words do to equity prices around the core's path."""
