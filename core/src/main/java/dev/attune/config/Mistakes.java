package dev.attune.config;

import dev.attune.error.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that is wrong with a configuration, told at once: mending one mistake should not bring up the next. */
public final class Mistakes {
    private record Mistake(@Nullable ArgumentPlace place, String sentence) {
        // Lines of the file in their order, then flags, then what belongs nowhere.
        int order() {
            if (place == null) return Integer.MAX_VALUE;
            return place.isFlag() ? Integer.MAX_VALUE - 1 : place.line();
        }

        @Override
        public String toString() {
            return place == null ? sentence : place + ": " + sentence;
        }
    }

    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();

    /** Adds a sentence, and where its subject was written if that is known. */
    public void add(@Nullable ArgumentPlace place, String sentence) {
        mistakes.add(new Mistake(place, sentence));
    }

    /** Adds that the value of a key is no value of that key. */
    public void broken(String key, @Nullable ArgumentPlace place, String sentence) {
        broken.add(key);
        add(place, sentence);
    }

    /** Adds that keys contradict each other, unless one of them is {@link #broken}: then nobody knows what it says. */
    public void contradiction(List<String> keys, @Nullable ArgumentPlace place, String sentence) {
        if (Collections.disjoint(keys, broken)) add(place, sentence);
    }

    /** Adds all that a record said against the values it was made from; {@code place} tells where a key was written. */
    public void addAll(ContradictionException refused, Function<String, @Nullable ArgumentPlace> place) {
        refused.contradictions().forEach(c -> contradiction(c.keys(), firstPlace(c.keys(), place), c.sentence()));
        // The record is made without these keys: nobody may complain that they are missing.
        broken.addAll(refused.keys());
    }

    /** Where the first of these keys stands that was written; null if none was. */
    public static @Nullable ArgumentPlace firstPlace(
            List<String> keys, Function<String, @Nullable ArgumentPlace> place) {
        for (String key : keys) {
            ArgumentPlace found = place.apply(key);
            if (found != null) return found;
        }
        return null;
    }

    /** Hands all on, each with its place. */
    public void into(BiConsumer<@Nullable ArgumentPlace, String> other) {
        mistakes.forEach(mistake -> other.accept(mistake.place(), mistake.sentence()));
    }

    /** Whether there is nothing to complain about. */
    public boolean isEmpty() {
        return mistakes.isEmpty();
    }

    /**
     * Does nothing if there are no mistakes.
     *
     * @throws ConfigException with all of them, one a line
     */
    public void throwIfAny() {
        if (mistakes.isEmpty()) return;
        List<String> lines = mistakes.stream()
                .sorted(Comparator.comparingInt(Mistake::order))
                .map(Mistake::toString)
                .distinct()
                .toList();
        throw new ConfigException(together(lines));
    }

    static String together(List<String> sentences) {
        if (sentences.size() == 1) return sentences.get(0);
        return sentences.size() + " mistakes in the configuration:\n"
                + sentences.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }
}
