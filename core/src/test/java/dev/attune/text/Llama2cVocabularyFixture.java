package dev.attune.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A vocabulary of llama2.c, and the ids that llama2.c gives texts with it. */
public final class Llama2cVocabularyFixture {
    private final List<String> tokens = new ArrayList<>(List.of("<unk>", "\n<s>\n", "\n</s>\n"));
    private final Map<String, Integer> ids = new HashMap<>();
    private final int plain;

    /** @param words tokens after the bytes, the best first */
    public Llama2cVocabularyFixture(List<String> words) {
        for (int i = 0; i < 256; i++) tokens.add(String.format("<0x%02X>", i));
        plain = tokens.size();
        tokens.addAll(words);
        for (int id = 0; id < tokens.size(); id++) ids.put(tokens.get(id), id);
    }

    /** Letters, and what they are joined to: blanks, doubled letters, parts of words. */
    public static Llama2cVocabularyFixture small() {
        List<String> words = new ArrayList<>(List.of(
                "th", " th", " a", "an", "in", "  ", "er", " the", "aa", "ing", " an", "he", "    ", "aaa", "   ",
                " and", "nd", "\u00e9e", "there", "aaaa"));
        for (char letter = 'a'; letter <= 'z'; letter++) words.add(String.valueOf(letter));
        words.addAll(List.of(" ", "\u00e9", ".", "\u4f60"));
        return new Llama2cVocabularyFixture(words);
    }

    public int size() {
        return tokens.size();
    }

    private float score(int id) {
        return id < plain ? 0 : plain - id;
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(number().putInt(7).array());
        for (int id = 0; id < tokens.size(); id++) {
            byte[] text = tokens.get(id).getBytes(StandardCharsets.UTF_8);
            out.writeBytes(number().putFloat(score(id)).array());
            out.writeBytes(number().putInt(text.length).array());
            out.writeBytes(text);
        }
        return out.toByteArray();
    }

    private static ByteBuffer number() {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    }

    public Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code encode} of run.c. */
    public int[] encode(String text) {
        List<Integer> found = new ArrayList<>(List.of(1));
        if (!text.isEmpty()) found.add(ids.get(" "));
        text.codePoints().mapToObj(Character::toString).forEach(character -> {
            if (ids.containsKey(character)) found.add(ids.get(character));
            else for (byte one : character.getBytes(StandardCharsets.UTF_8)) found.add((one & 0xFF) + 3);
        });
        while (true) {
            int best = -1;
            float score = -1e10f;
            for (int i = 0; i + 1 < found.size(); i++) {
                Integer joined = joined(found, i);
                if (joined == null || score(joined) <= score) continue;
                score = score(joined);
                best = i;
            }
            if (best < 0) return found.stream().mapToInt(Integer::intValue).toArray();
            found.set(best, joined(found, best));
            found.remove(best + 1);
        }
    }

    private Integer joined(List<Integer> found, int i) {
        return ids.get(tokens.get(found.get(i)) + tokens.get(found.get(i + 1)));
    }
}
