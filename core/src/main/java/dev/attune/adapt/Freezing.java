package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which parameters of a model stay as they are.
 *
 * <pre>{@code
 * Freezing.of("embeddings", "encoder.layer[:10]").apply(model);
 * }</pre>
 *
 * <p>An entry is the name of a module or parameter, with or without the name of the backbone before it; numbered modules may be
 * chosen as in Python ({@code encoder.layer[:10]}, {@code [-1]}, {@code [0,2]}); {@code *} and {@code ?} stand for any text and
 * any character ({@code *.attention.*}). {@code base} is the backbone with its pooler: all but the head. {@code all_but_last=2} is
 * the embeddings and all layers but the last two. A leading {@code model.} is what a program calls the model, and means nothing.
 *
 * <p>Where two names share a tensor, freezing one freezes both.
 */
public final class Freezing {
    /** Freezes nothing. */
    public static final Freezing NONE = new Freezing(List.of());

    private final List<FreezingEntry> entries;

    private Freezing(List<FreezingEntry> entries) {
        this.entries = entries;
    }

    /** @throws ConfigException if an entry is no name, pattern or word that is known */
    public static Freezing of(String... entries) {
        return of(List.of(entries));
    }

    /** As {@link #of(String...)}. */
    public static Freezing of(List<String> entries) {
        List<String> mistakes = mistakes(entries);
        if (!mistakes.isEmpty()) throw new ConfigException(String.join("\n", mistakes));
        return new Freezing(entries.stream().map(FreezingEntry::parse).toList());
    }

    /** What is wrong with entries whatever the model, a sentence each. */
    public static List<String> mistakes(List<String> entries) {
        List<String> mistakes = new ArrayList<>();
        for (String entry : entries) {
            try {
                FreezingEntry.parse(entry);
            } catch (ConfigException e) {
                mistakes.add(e.getMessage());
            }
        }
        return mistakes;
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * The names of the parameters that the entries mean, in the order of the model.
     *
     * @throws ConfigException if an entry means none, or together they mean all
     */
    public Set<String> names(PretrainedModel model) {
        Set<String> found = new TreeSet<>();
        for (FreezingEntry entry : entries) {
            Set<String> meant = entry.names(model);
            if (meant.isEmpty()) throw new ConfigException(new UnknownName(model).sentence(entry.text()));
            found.addAll(meant);
        }
        Set<String> names = new LinkedHashSet<>(model.parameters().keySet());
        names.retainAll(found);
        if (!names.isEmpty() && names.size() == model.parameters().size()) {
            throw new ConfigException("freeze leaves nothing to train: all " + names.size()
                    + " parameters of the model would be frozen. Take the head out, or an entry.");
        }
        return names;
    }

    /**
     * Freezes what the entries mean; everything else stays as it is.
     *
     * @return the names of what they mean
     * @throws ConfigException as {@link #names}; nothing is frozen then
     */
    public Set<String> apply(PretrainedModel model) {
        Set<String> names = names(model);
        Map<String, Parameter> parameters = model.parameters();
        names.forEach(name -> parameters.get(name).value().requiresGrad(false));
        return names;
    }
}
