package dev.attune.adapt;

import dev.attune.model.PretrainedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What someone who freezes may not have meant, a sentence each. */
public final class FreezingNotes {
    private FreezingNotes() {}

    /** Frozen parts of a model that cost as much as if they were trained. */
    public static List<String> of(PretrainedModel model) {
        List<String> above = frozenAboveTrained(model);
        if (above.isEmpty()) return List.of();
        return List.of(
                "Frozen, but something below is trained: " + String.join(", ", above)
                        + ". The backward pass goes through them all the same, so it saves little time. Freeze what is below too.");
    }

    /** Parts of the stack that are frozen as a whole, above the lowest one that is not. */
    private static List<String> frozenAboveTrained(PretrainedModel model) {
        List<String> names = new ArrayList<>();
        boolean trained = false;
        for (TrainableParameters.Part part : TrainableParameters.of(model).parts()) {
            boolean isStack = part.name().equals("embeddings") || part.name().startsWith("layer");
            if (isStack && trained && part.trained() == 0) names.add(part.name());
            trained |= part.trained() > 0;
        }
        return names;
    }

    /** @param untrained names of parameters of the model that hold random numbers */
    public static List<String> ofRandom(PretrainedModel model, Collection<String> untrained) {
        List<String> frozen = untrained.stream()
                .filter(name -> !model.parameters().get(name).value().requiresGrad())
                .toList();
        if (frozen.isEmpty()) return List.of();
        return List.of("New and frozen, so random for good: " + String.join(", ", frozen)
                + ". Leave them out of freeze, or start from a model that has them.");
    }
}
