package dev.attune.generate;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells whether the last token of a text completes one of some texts: {@code stop_strings}. */
final class StopStrings {
    private final List<String> strings;
    private final TokenTexts texts;
    /** So many tokens may hold a stop string, were each but one byte of it; the rest keeps a first token's spaces away. */
    private final int window;

    StopStrings(List<String> strings, TokenTexts texts) {
        this.strings = strings.stream()
                .map(text -> text.replace("\\n", "\n").replace("\\t", "\t"))
                .toList();
        this.texts = texts;
        this.window = this.strings.stream()
                        .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .max()
                        .orElse(0)
                + 4;
    }

    /** Only what the last token is a part of counts: what stood there before has been looked at, or was in the prompt. */
    boolean complete(History history) {
        int[] ids = history.tail(window);
        String after = texts.decode(ids);
        String before = texts.decode(java.util.Arrays.copyOf(ids, ids.length - 1));
        int old = 0; // half a character may have become another one
        while (old < before.length() && old < after.length() && before.charAt(old) == after.charAt(old)) old++;
        for (String string : strings) {
            int from = Math.max(0, old - string.length() + 1);
            if (after.indexOf(string, from) >= 0) return true;
        }
        return false;
    }
}
