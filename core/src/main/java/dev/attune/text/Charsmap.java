package dev.attune.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's table of characters that stand for others: a double-array trie from bytes of UTF-8 to places in a text, then
 * the text, in which each replacement ends with NUL. The library that looks things up in it checks no index, so all that it could
 * reach are checked here.
 *
 * <p>Source: https://github.com/google/sentencepiece, {@code normalizer.cc}; Yata, Darts-clone.
 */
final class Charsmap {
    private final int[] units;
    private final ByteBuffer text;

    private Charsmap(int[] units, ByteBuffer text) {
        this.units = units;
        this.text = text;
    }

    /** What is wrong with a table, or null if nothing is. */
    static @Nullable String mistake(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return "it is not Base64";
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) return "it is not Base64 in full";
        ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 4) return "it has no size";
        int size = map.getInt();
        if (size < 4 || size % 4 != 0 || size > map.remaining()) return "its trie has " + size + " bytes";
        int[] units = new int[size / 4];
        map.asIntBuffer().get(units);
        map.position(4 + size);
        ByteBuffer text = map.slice();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(text.duplicate());
            return new Charsmap(units, text).walk();
        } catch (CharacterCodingException e) {
            return "its text is not UTF-8";
        }
    }

    /** Every unit that some bytes lead to. */
    private @Nullable String walk() {
        BitSet seen = new BitSet(units.length);
        Deque<Integer> open = new ArrayDeque<>();
        open.add(offset(units[0]));
        while (!open.isEmpty()) {
            int node = open.pop();
            for (int c = 1; c < 256; c++) {
                int place = node ^ c;
                if (place >= units.length) return "its trie leads outside";
                int unit = units[place];
                if ((unit & 0x8000_00FF) != c) continue;
                int next = place ^ offset(unit);
                if (next >= units.length) return "its trie leads outside";
                if ((unit >>> 8 & 1) == 1 && !isStart(units[next] & 0x7FFF_FFFF))
                    return "it replaces by what it does not have";
                if (!seen.get(next)) {
                    seen.set(next);
                    open.push(next);
                }
            }
        }
        return null;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
    }

    /** Whether a character of the text begins there. */
    private boolean isStart(int place) {
        return place == text.limit() || place < text.limit() && (text.get(place) & 0xC0) != 0x80;
    }
}
