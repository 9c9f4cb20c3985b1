package dev.attune.adapt;

import dev.attune.error.Suggestion;
import dev.attune.model.PretrainedModel;
import java.util.Set;
import java.util.TreeSet;

/** What to say of a name or pattern that means no parameter of a model. */
final class UnknownName {
    private final PretrainedModel model;

    UnknownName(PretrainedModel model) {
        this.model = model;
    }

    String sentence(String entry) {
        String has = "freeze has \"" + entry + "\", which means no parameter of this model.";
        String unnumbered = entry.replaceAll("\\[[^]]*]", "[:]");
        if (!unnumbered.equals(entry) && means(unnumbered)) {
            return has + " There are layers of that name, but none has such a number: the first is 0.";
        }
        if (means("*." + entry)) return has + " As a pattern, *." + entry + ", it means some.";
        return has + Suggestion.didYouMean(entry.replaceAll("\\[[^]]*]", ".0"), known());
    }

    private boolean means(String entry) {
        return !FreezingEntry.parse(entry).names(model).isEmpty();
    }

    /** All names that an entry may be. */
    private Set<String> known() {
        Set<String> known = new TreeSet<>(Set.of(FreezingEntry.BASE, FreezingEntry.ALL_BUT_LAST + "=2"));
        for (FreezingEntry.Form form : FreezingEntry.Form.values()) {
            for (String name : FreezingEntry.names(model, form).keySet()) {
                for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
                    known.add(name.substring(0, end));
                }
            }
        }
        return known;
    }
}
