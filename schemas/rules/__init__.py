"""The rules that checks hold bodies to: code, title, basis, reads, parameters, reasons."""
