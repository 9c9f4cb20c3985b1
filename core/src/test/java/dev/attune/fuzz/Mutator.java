package dev.attune.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes bad inputs of good ones: bits and bytes, pieces, numbers at their limits in the ways in which files store numbers,
 * words of the format, deep nesting, and a change of the JSON tree where the input is JSON. Input {@code n} of a seed is the same on
 * every machine, whatever came before it.
 */
final class Mutator {
    /** Inputs grow by repetition; at this size they are cut, and most of them at the smaller one, for the sake of speed. */
    private static final int LONGEST = 1 << 16;

    private static final int LONG = 1 << 12;

    private static final long[] LIMITS = {
        0,
        1,
        -1,
        2,
        7,
        8,
        127,
        128,
        255,
        256,
        0x7FFF,
        0x8000,
        0xFFFF,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE - 7L,
        1L << 32,
        0xFFFF_FFFFL,
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 4
    };

    private static final List<String> WORDS = List.of(
            "\0",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\"",
            "\\",
            "'",
            ",",
            ":",
            "{",
            "}",
            "[",
            "]",
            "null",
            "true",
            "-",
            "#",
            " ",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "\u00e9",
            "\ud83d\ude00",
            "\\u0000",
            "\\ud800",
            "NaN",
            "Infinity",
            "1e999999999",
            "-1e-999999999",
            "99999999999999999999999999999999",
            "0x7fffffff",
            "../",
            "..\\",
            "/",
            "file:",
            "%s%n",
            "${user.home}");

    private static final List<String> OPENINGS =
            List.of("[", "{\"a\":", "[[{\"a\":", "- ", "{a: ", "(", "((?:", "\n\n", "\"");

    private final FuzzTarget target;
    private final List<byte[]> seeds;
    private final List<String> words;

    Mutator(FuzzTarget target) {
        this.target = target;
        this.seeds = target.seeds();
        this.words = target.words();
    }

    /** The input with this number. */
    byte[] input(long seed, long number) {
        SplittableRandom random = new SplittableRandom(seed ^ number * 0x9E3779B97F4A7C15L);
        byte[] input = any(seeds, random);
        boolean tree = target.json() && random.nextInt(4) != 0;
        if (tree) input = JsonMutator.change(input, any(seeds, random), words, random);
        // Mostly few changes: many of them rarely come past the first check.
        int changes = tree && random.nextInt(3) != 0 ? 0 : 1 + Long.numberOfTrailingZeros(random.nextLong() | 64);
        for (int i = 0; i < changes; i++) input = change(input, random);
        if (random.nextInt(8) != 0) input = target.seal(input);
        int most = random.nextInt(32) == 0 ? LONGEST : LONG;
        return input.length > most ? Arrays.copyOf(input, most) : input;
    }

    private byte[] change(byte[] old, SplittableRandom random) {
        int at = random.nextInt(old.length + 1);
        int length = Math.min(1 << random.nextInt(9), old.length - at);
        return switch (random.nextInt(13)) {
            case 0 -> put(old, at, new byte[] {(byte) (at < old.length ? old[at] ^ 1 << random.nextInt(8) : 0)});
            case 1 -> put(old, at, bytes(random));
            case 2 -> splice(old, at, bytes(random), at);
            case 3 -> splice(old, at, word(random), at);
            case 4 -> put(old, at, word(random));
            case 5 -> splice(old, at, new byte[0], at + length);
            case 6 -> splice(old, at, repeat(Arrays.copyOfRange(old, at, at + length), random), at);
            case 7 -> splice(old, at, piece(any(seeds, random), random), at + length);
            case 8 -> put(old, at, number(limit(random), random));
            case 9 -> shift(old, at, random);
            case 10 -> digits(old, at, random);
            case 11 -> splice(old, at, repeat(any(OPENINGS, random).getBytes(StandardCharsets.UTF_8), random), at);
            default -> Arrays.copyOf(old, at);
        };
    }

    static <T> T any(List<T> items, SplittableRandom random) {
        return items.get(random.nextInt(items.size()));
    }

    static long limit(SplittableRandom random) {
        return LIMITS[random.nextInt(LIMITS.length)] + random.nextInt(3) - 1;
    }

    static String text(List<String> own, SplittableRandom random) {
        return own.isEmpty() || random.nextInt(3) == 0 ? any(WORDS, random) : any(own, random);
    }

    private byte[] word(SplittableRandom random) {
        return text(words, random).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(SplittableRandom random) {
        byte[] bytes = new byte[1 + random.nextInt(8)];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) random.nextInt(256);
        return bytes;
    }

    private static byte[] piece(byte[] from, SplittableRandom random) {
        int start = random.nextInt(from.length + 1);
        return Arrays.copyOfRange(from, start, start + random.nextInt(from.length - start + 1));
    }

    private static byte[] repeat(byte[] piece, SplittableRandom random) {
        int times =
                Math.min(1 << Math.min(random.nextInt(13), random.nextInt(17)), LONGEST / Math.max(1, piece.length));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) out.writeBytes(piece);
        return out.toByteArray();
    }

    /** A number as files have it: 4 or 8 bytes from the small end, 4 from the large, a varint, or text. */
    private static byte[] number(long value, SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 ->
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt((int) value)
                        .array();
            case 1 ->
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array();
            case 2 -> ByteBuffer.allocate(4).putInt((int) value).array();
            case 3 -> varint(value);
            default -> Long.toString(value).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        for (; (rest & ~127L) != 0; rest >>>= 7) out.write((int) (rest & 127 | 128));
        out.write((int) rest);
        return out.toByteArray();
    }

    /** Adds a little to a stored length, or doubles it. */
    private static byte[] shift(byte[] old, int at, SplittableRandom random) {
        boolean wide = random.nextBoolean();
        if (at + (wide ? 8 : 4) > old.length) return old;
        byte[] copy = old.clone();
        ByteBuffer view = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        long delta = random.nextInt(33) - 16;
        if (wide) view.putLong(at, delta == 0 ? 2 * view.getLong(at) : view.getLong(at) + delta);
        else view.putInt(at, (int) (delta == 0 ? 2 * view.getInt(at) : view.getInt(at) + delta));
        return copy;
    }

    /** Writes another number over the digits of the next one. */
    private static byte[] digits(byte[] old, int at, SplittableRandom random) {
        int start = at;
        while (start < old.length && !isDigit(old[start])) start++;
        int end = start;
        while (end < old.length && isDigit(old[end])) end++;
        if (start == end) return old;
        return splice(old, start, Long.toString(limit(random)).getBytes(StandardCharsets.UTF_8), end);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] put(byte[] old, int at, byte[] piece) {
        return splice(old, at, piece, Math.min(old.length, at + piece.length));
    }

    /** {@code piece} in place of what is from {@code start} to {@code end}. */
    private static byte[] splice(byte[] old, int start, byte[] piece, int end) {
        ByteBuffer joined = ByteBuffer.allocate(start + piece.length + old.length - end);
        return joined.put(old, 0, start)
                .put(piece)
                .put(old, end, old.length - end)
                .array();
    }
}
