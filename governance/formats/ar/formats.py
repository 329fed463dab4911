"""Dates as the United Nations write them in Arabic: day, month and year without a comma between them."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
YEAR_MONTH_FORMAT = "F Y"
