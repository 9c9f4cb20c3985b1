package dev.attune.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Entities in a sequence of tags, as {@code seqeval} and {@code conlleval} find them: any sequence has some, legal or not.
 */
public final class Entities {
    /**
     * One entity.
     *
     * @param start its first token
     * @param end its last token
     */
    public record Entity(String type, int start, int end) {}

    private Entities() {}

    /** @param tags {@code O}, or a letter of B, I, E, S, a hyphen and a type */
    public static List<Entity> of(List<String> tags) {
        List<Entity> found = new ArrayList<>();
        char before = 'O';
        String typeBefore = "";
        int start = 0;
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i < tags.size() ? tags.get(i) : "O";
            char letter = tag.isEmpty() ? 'O' : tag.charAt(0);
            String type = type(tag);
            boolean other = !typeBefore.equals(type);
            if (ends(before, letter) || before != 'O' && before != '.' && other) {
                found.add(new Entity(typeBefore, start, i - 1));
            }
            if (starts(before, letter) || letter != 'O' && letter != '.' && other) start = i;
            before = letter;
            typeBefore = type;
        }
        return found;
    }

    private static String type(String tag) {
        String rest = tag.isEmpty() ? "" : tag.substring(1);
        String type = rest.substring(rest.indexOf('-') + 1);
        return type.isEmpty() ? "_" : type;
    }

    private static boolean ends(char before, char letter) {
        return switch (before) {
            case 'E', 'S' -> true;
            case 'B', 'I' -> letter == 'B' || letter == 'S' || letter == 'O';
            default -> false;
        };
    }

    private static boolean starts(char before, char letter) {
        return switch (letter) {
            case 'B', 'S' -> true;
            case 'E', 'I' -> before == 'E' || before == 'S' || before == 'O';
            default -> false;
        };
    }
}
