"""Pictures that are also data: drawn on the server as SVG, each with the table it is drawn from."""
