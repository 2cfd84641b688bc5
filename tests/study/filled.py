"""Fills every table of a study with rows that mean nothing; every word here was invented."""

from datetime import UTC, datetime

import sqlalchemy as sa

from study import tables as t

FIRST, SECOND = 11, 12
MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
# What a column may hold where not everything is allowed.
ALLOWED = {
    ("decision", "verdict"): t.VERDICTS[0],
    ("proposed_code", "state"): t.PROPOSED_STATES[0],
    ("inbox_file", "state"): t.FILE_STATES[0],
}
JSONS = ({"z": [0.1 + 0.2, None, True], "a": "Synthetisch é 🙂"}, [1, 1.0, {"b": {}, "a": "\n"}])


def fill_every_table(connection):
    """Put two rows into every table, the second with everything empty that may be."""
    for table in t.metadata.sorted_tables:
        for row in (FIRST, SECOND):
            connection.execute(sa.insert(table), make_row(table, row))


def make_row(table, row):
    """Make a row of which each value tells the row, as far as its type allows."""
    return {
        column.name: None if column.nullable and row == SECOND else make_value(column, row)
        for column in table.columns
    }


def make_value(column, row):
    place = (column.table.name, column.name)
    if place in ALLOWED:
        return ALLOWED[place]
    if column.foreign_keys or (column.primary_key and isinstance(column.type, sa.Integer)):
        return row
    for kind, make in BY_TYPE.items():
        if isinstance(column.type, kind):
            return make(row)
    return f"Synthetisch\t{column.name} é 🙂 \\ ' {row}\r\n"


# A wide number before a number, of which it is one.
BY_TYPE = {
    t.UtcTime: lambda row: MOMENT.replace(day=row),
    sa.JSON: lambda row: JSONS[row % 2],
    sa.LargeBinary: lambda row: bytes(range(256)) + bytes([row]),
    sa.Boolean: lambda row: row == FIRST,
    sa.BigInteger: lambda row: 2**53 + row,
    sa.Integer: lambda row: 2**31 - row,
    sa.Float: lambda row: (0.1 + 0.2) * row,
}


def read_every_table(connection):
    """Read all rows of all tables that the database itself says it has."""
    tables = {table.name: table for table in t.metadata.sorted_tables}
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    # By the database's own names: a table that study.tables forgot is looked up in vain.
    return {
        name: sorted((tuple(row) for row in connection.execute(sa.select(tables[name]))), key=repr)
        for name in sorted(names)
    }
