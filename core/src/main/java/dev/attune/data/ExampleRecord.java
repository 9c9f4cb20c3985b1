package dev.attune.data;

import dev.attune.data.store.ByteReader;
import dev.attune.data.store.ByteWriter;

/**
 * The stored form of an {@link Example}: the row, then each array as its length and kind and either runs of equal
 * numbers or one number after the other. Whoever adds an array adds it at the end and reads it unless the record ended.
 */
final class ExampleRecord {
    private static final int PLAIN = 0;
    private static final int RUNS = 1;

    private ExampleRecord() {}

    static void write(int row, Example example, ByteWriter out) {
        out.varint(row);
        numbers(example.ids(), out);
        numbers(example.typeIds(), out);
        numbers(example.labels(), out);
        out.varint(example.targets().length);
        for (float target : example.targets()) {
            int bits = Float.floatToRawIntBits(target);
            for (int shift = 0; shift < 32; shift += 8) out.octet(bits >> shift);
        }
    }

    static int row(ByteReader in) {
        return (int) in.varint();
    }

    static int length(ByteReader in) {
        in.varint();
        return in.count() >>> 1;
    }

    static Example read(ByteReader in) {
        in.varint();
        int[] ids = numbers(in);
        int[] typeIds = numbers(in);
        int[] labels = numbers(in);
        float[] targets = new float[in.items(in.count(), 4)];
        for (int i = 0; i < targets.length; i++) {
            int bits = in.octet() | in.octet() << 8 | in.octet() << 16 | in.octet() << 24;
            targets[i] = Float.intBitsToFloat(bits);
        }
        return new Example(ids, typeIds, labels, targets);
    }

    private static void numbers(int[] numbers, ByteWriter out) {
        int runs = 0;
        for (int i = 0; i < numbers.length; i++) if (i == 0 || numbers[i] != numbers[i - 1]) runs++;
        int kind = 2 * runs < numbers.length ? RUNS : PLAIN;
        out.varint((long) numbers.length << 1 | kind);
        for (int i = 0; i < numbers.length; ) {
            int run = 1;
            if (kind == RUNS) {
                while (i + run < numbers.length && numbers[i + run] == numbers[i]) run++;
                out.varint(run);
            }
            // Zigzag: small numbers of either sign are short; -100 is the label that a loss ignores.
            out.varint((numbers[i] << 1 ^ numbers[i] >> 31) & 0xFFFFFFFFL);
            i += run;
        }
    }

    private static int[] numbers(ByteReader in) {
        int header = in.count();
        boolean runs = (header & 1) == RUNS;
        int[] numbers = new int[runs ? header >>> 1 : in.items(header >>> 1, 1)];
        for (int i = 0; i < numbers.length; ) {
            int end = runs ? i + in.count() : i + 1;
            long zigzag = in.varint();
            int number = (int) (zigzag >>> 1) ^ -(int) (zigzag & 1);
            if (end <= i || end > numbers.length) throw new IndexOutOfBoundsException("a run from " + i + " to " + end);
            while (i < end) numbers[i++] = number;
        }
        return numbers;
    }
}
