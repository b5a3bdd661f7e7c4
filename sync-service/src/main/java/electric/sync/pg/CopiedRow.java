package electric.sync.pg;

import electric.sync.change.Row;

/** Reads a row of {@code COPY … TO STDOUT}: values between tabs, a newline at the end, escapes begin with a backslash. */
final class CopiedRow {
    private CopiedRow() {}

    /** @param line the bytes of one row, which become the row's own: escapes are resolved in place */
    static Row parse(byte[] line, int columns) {
        int[] starts = new int[columns];
        int[] lengths = new int[columns];
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        int column = 0;
        int start = 0;
        for (int i = 0; i < end; i++) {
            byte b = line[i];
            if (b == '\t') {
                starts[column] = start;
                lengths[column] = i - start;
                column++;
                start = i + 1;
            } else if (b == '\\') {
                return withEscapes(line, end, start, column, starts, lengths);
            }
        }
        starts[column] = start;
        lengths[column] = end - start;
        return complete(line, column, starts, lengths);
    }

    /** From the first value with a backslash on, values are moved to the left over their escapes. */
    private static Row withEscapes(byte[] line, int end, int from, int firstColumn, int[] starts, int[] lengths) {
        int column = firstColumn;
        int start = from;
        int write = from;
        boolean isNull = false;
        for (int read = from; read < end; read++) {
            byte b = line[read];
            if (b == '\t') {
                starts[column] = start;
                lengths[column] = isNull ? Row.NULL : write - start;
                column++;
                start = write;
                isNull = false;
            } else if (b == '\\') {
                read++;
                byte escaped = line[read];
                if (escaped == 'N') {
                    isNull = true;
                } else {
                    line[write++] = unescaped(escaped);
                }
            } else {
                line[write++] = b;
            }
        }
        starts[column] = start;
        lengths[column] = isNull ? Row.NULL : write - start;
        return complete(line, column, starts, lengths);
    }

    private static Row complete(byte[] line, int lastColumn, int[] starts, int[] lengths) {
        if (lastColumn != starts.length - 1) {
            throw new IllegalStateException(
                    "a row of " + (lastColumn + 1) + " values for " + starts.length + " columns");
        }
        return new Row(line, starts, lengths);
    }

    private static byte unescaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> letter;
        };
    }
}
