package dev.attune.task.tokenclassification;

import dev.attune.metric.Entities;
import dev.attune.metric.Entities.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** How tags tell where an entity begins and ends. */
public enum TagScheme {
    /** B begins an entity, I continues it; also called IOB2. */
    BIO,
    /** I begins and continues; B begins one that follows another of its type at once. */
    IOB1,
    /** As BIO; E ends an entity of several tokens, S is one of a single token. */
    BIOES,
    /** The tag is the type; neighbours with one tag are one entity. */
    PLAIN;

    /** The name in recipes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme that these sentences are written in; BIO unless they speak against it. */
    static TagScheme of(Collection<List<String>> sentences) {
        boolean ends = false;
        boolean onlyNeeded = true; // no B but between two entities of one type
        boolean insideFirst = false;
        for (List<String> tags : sentences) {
            String before = "O";
            for (String tag : tags) {
                if (tag.equals("O")) {
                    before = tag;
                    continue;
                }
                if (tag.length() < 3 || tag.charAt(1) != '-' || "BIES".indexOf(tag.charAt(0)) < 0) return PLAIN;
                boolean follows = !before.equals("O") && type(before).equals(type(tag));
                ends |= tag.charAt(0) == 'E' || tag.charAt(0) == 'S';
                if (tag.charAt(0) == 'B' && !follows) onlyNeeded = false;
                if (tag.charAt(0) == 'I' && !follows) insideFirst = true;
                before = tag;
            }
        }
        return ends ? BIOES : insideFirst && onlyNeeded ? IOB1 : BIO;
    }

    private static String type(String tag) {
        return tag.substring(Math.min(2, tag.length()));
    }

    /** The first tag that may not stand where it does; -1 if there is none. */
    int illegal(List<String> tags) {
        if (this == PLAIN) return -1;
        String before = "O";
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i < tags.size() ? tags.get(i) : "O";
            boolean follows = !before.equals("O") && type(before).equals(type(tag));
            char letter = tag.isEmpty() ? 'O' : tag.charAt(0);
            char last = before.charAt(0);
            boolean open = last == 'B' || last == 'I';
            boolean wrong = switch (this) {
                case BIO -> letter == 'I' && !follows;
                case IOB1 -> letter == 'B' && !follows;
                default ->
                    (letter == 'I' || letter == 'E') && !(open && follows)
                            || open && !((letter == 'I' || letter == 'E') && follows);
            };
            if (wrong) return Math.min(i, tags.size() - 1);
            before = tag.isEmpty() ? "O" : tag;
        }
        return -1;
    }

    /** Tags in which {@link Entities} finds what these tags mean. */
    List<String> forMetrics(List<String> tags) {
        if (this != PLAIN) return tags;
        return tags.stream().map(tag -> tag.equals("O") ? tag : "I-" + tag).toList();
    }

    /** The same entities, as a lenient reader sees them, in legal tags. */
    List<String> repaired(List<String> tags) {
        List<Entity> entities = Entities.of(tags);
        return tags(tags.size(), entities);
    }

    /** The tags of entities that do not overlap. */
    List<String> tags(int size, List<Entity> entities) {
        List<String> tags = new ArrayList<>(java.util.Collections.nCopies(size, "O"));
        Entity before = null;
        for (Entity entity : entities) {
            boolean touches = before != null
                    && before.end() == entity.start() - 1
                    && before.type().equals(entity.type());
            for (int i = entity.start(); i <= entity.end(); i++) {
                boolean first = i == entity.start();
                boolean last = i == entity.end();
                String letter = switch (this) {
                    case PLAIN -> "";
                    case BIO -> first ? "B-" : "I-";
                    case IOB1 -> first && touches ? "B-" : "I-";
                    case BIOES -> first ? last ? "S-" : "B-" : last ? "E-" : "I-";
                };
                tags.set(i, letter + entity.type());
            }
            before = entity;
        }
        return tags;
    }
}
