package dev.attune.task.tokenclassification;

import dev.attune.metric.Entities;
import dev.attune.metric.Entities.Entity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** How tags tell where an entity begins and ends. */
public enum TagScheme {
    /** B begins an entity, I continues it; also called IOB2. */
    BIO("BI"),
    /** I begins and continues; B begins one that follows another of its type at once. */
    IOB1("BI"),
    /** As BIO; E ends an entity of several tokens, S is one of a single token. */
    BIOES("BIES"),
    /** BIOES with L for E and U for S. */
    BILOU("BILU"),
    /** BIOES with M for I and W for S. */
    BMEWO("BMEW"),
    /** BIOES with M for I. */
    BMES("BMES"),
    /** The tag is the type; neighbours with one tag are one entity. */
    PLAIN("");

    private static final String STANDARD = "BIES";

    /** The letters that stand for those of {@link #STANDARD}. */
    private final String letters;

    TagScheme(String letters) {
        this.letters = letters;
    }

    /** The name in recipes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme that these sentences are written in; BIO unless they speak against it. */
    static TagScheme of(Iterable<List<String>> sentences) {
        Set<Character> letters = new TreeSet<>();
        boolean onlyNeeded = true; // no B but between two entities of one type
        boolean insideFirst = false;
        for (List<String> tags : sentences) {
            String before = "O";
            for (String tag : tags) {
                if (tag.equals("O")) {
                    before = tag;
                    continue;
                }
                if (tag.length() < 3 || tag.charAt(1) != '-') return PLAIN;
                boolean follows = !before.equals("O") && type(before).equals(type(tag));
                letters.add(tag.charAt(0));
                if (tag.charAt(0) == 'B' && !follows) onlyNeeded = false;
                if (tag.charAt(0) == 'I' && !follows) insideFirst = true;
                before = tag;
            }
        }
        for (TagScheme each : values()) {
            if (letters.stream().allMatch(letter -> each.letters.indexOf(letter) >= 0))
                return each == BIO && insideFirst && onlyNeeded ? IOB1 : each;
        }
        return PLAIN;
    }

    private static String type(String tag) {
        return tag.substring(Math.min(2, tag.length()));
    }

    /** Whether single tokens and ends have letters of their own. */
    boolean marksEnds() {
        return letters.length() == STANDARD.length();
    }

    /** The letter of a tag as BIO and BIOES have it; O for one that is not of this scheme. */
    char letter(String tag) {
        int at = tag.length() < 3 || tag.charAt(1) != '-' ? -1 : letters.indexOf(tag.charAt(0));
        return at < 0 ? 'O' : STANDARD.charAt(at);
    }

    /** The first tag that this scheme does not have at all; -1 if there is none. */
    int foreign(List<String> tags) {
        if (this == PLAIN) return -1;
        for (int i = 0; i < tags.size(); i++)
            if (letter(tags.get(i)) == 'O' && !tags.get(i).equals("O")) return i;
        return -1;
    }

    /** The first tag that may not stand where it does; -1 if there is none. */
    int illegal(List<String> tags) {
        if (this == PLAIN) return -1;
        String before = "O";
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i < tags.size() ? tags.get(i) : "O";
            boolean follows = !before.equals("O") && type(before).equals(type(tag));
            char letter = letter(tag);
            char last = letter(before);
            boolean open = last == 'B' || last == 'I';
            boolean wrong = switch (this) {
                case BIO -> letter == 'I' && !follows;
                case IOB1 -> letter == 'B' && !follows;
                default ->
                    (letter == 'I' || letter == 'E') && !(open && follows)
                            || open && !((letter == 'I' || letter == 'E') && follows);
            };
            if (wrong) return Math.min(i, tags.size() - 1);
            before = tag;
        }
        return -1;
    }

    /** The tag of what follows in a word whose first token has this one: I in place of B. */
    String inside(String tag) {
        return tag.startsWith("B-") ? (letters.isEmpty() ? 'I' : letters.charAt(1)) + tag.substring(1) : tag;
    }

    /** Tags in which {@link Entities} finds what these tags mean. */
    List<String> forMetrics(List<String> tags) {
        if (this != PLAIN && STANDARD.startsWith(letters)) return tags;
        return tags.stream()
                .map(tag -> tag.equals("O") ? tag : this == PLAIN ? "I-" + tag : letter(tag) + tag.substring(1))
                .toList();
    }

    /** The same entities, as a lenient reader sees them, in legal tags. */
    List<String> repaired(List<String> tags) {
        return tags(tags.size(), Entities.of(forMetrics(tags)));
    }

    /** The tags of entities that do not overlap. */
    List<String> tags(int size, List<Entity> entities) {
        List<String> tags = new ArrayList<>(Collections.nCopies(size, "O"));
        Entity before = null;
        for (Entity entity : entities) {
            boolean touches = before != null
                    && before.end() == entity.start() - 1
                    && before.type().equals(entity.type());
            for (int i = entity.start(); i <= entity.end(); i++) {
                boolean first = i == entity.start();
                boolean last = i == entity.end();
                int letter = switch (this) {
                    case PLAIN -> -1;
                    case BIO -> first ? 0 : 1;
                    case IOB1 -> first && touches ? 0 : 1;
                    default -> first ? last ? 3 : 0 : last ? 2 : 1;
                };
                tags.set(i, letter < 0 ? entity.type() : letters.charAt(letter) + "-" + entity.type());
            }
            before = entity;
        }
        return tags;
    }
}
