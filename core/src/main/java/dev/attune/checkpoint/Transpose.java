package dev.attune.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns {@code (rows, columns)} into {@code (columns, rows)}, for formats that store kernels as (in, out). */
final class Transpose {
    /** Side of the squares turned at once: 32 x 32 floats of source and target stay in the first-level cache. */
    private static final int TILE = 32;

    private Transpose() {}

    static ByteBuffer of(ByteBuffer source, int rows, int columns, int bytes) {
        ByteBuffer from = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        if (!source.hasRemaining()) return to;
        for (int row = 0; row < rows; row += TILE) {
            for (int column = 0; column < columns; column += TILE) {
                int rowEnd = Math.min(rows, row + TILE);
                int columnEnd = Math.min(columns, column + TILE);
                for (int c = column; c < columnEnd; c++) {
                    for (int r = row; r < rowEnd; r++) {
                        int here = (r * columns + c) * bytes;
                        int there = (c * rows + r) * bytes;
                        switch (bytes) {
                            case 8 -> to.putLong(there, from.getLong(here));
                            case 4 -> to.putInt(there, from.getInt(here));
                            case 2 -> to.putShort(there, from.getShort(here));
                            default -> to.put(there, from.get(here));
                        }
                    }
                }
            }
        }
        return to;
    }
}
