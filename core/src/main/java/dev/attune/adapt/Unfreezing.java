package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.model.LayerStack;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gradual unfreezing (Howard and Ruder 2018, arXiv 1801.06146): before each epoch but the first some more of what was frozen is
 * trained, from the top down. A layer is a step, and so are the embeddings; what stands above the layers, if it was frozen, comes
 * first.
 *
 * <p>What is trained follows from the epoch alone, so a run that goes on needs no memory of it.
 */
public final class Unfreezing {
    private final PretrainedModel model;
    /** Names of parameters, the top first; those that the run does not come to are left out. */
    private final List<Set<String>> groups;

    private final int groupsPerEpoch;
    /** Groups that are trained now; -1 if nobody said so yet. */
    private int open = -1;

    private Unfreezing(PretrainedModel model, List<Set<String>> groups, int groupsPerEpoch) {
        this.model = model;
        this.groups = groups;
        this.groupsPerEpoch = groupsPerEpoch;
    }

    /**
     * Of what is frozen in a model now.
     *
     * @param layersPerEpoch null for none: all stays as it is
     * @param epochs that the run begins
     * @throws ConfigException if nothing is frozen
     */
    public static Unfreezing of(PretrainedModel model, @Nullable Integer layersPerEpoch, int epochs) {
        if (layersPerEpoch == null) return new Unfreezing(model, List.of(), 0);
        LayerStack stack = model.stack();
        List<Set<String>> groups = new ArrayList<>();
        for (int i = 0; i <= stack.top(); i++) groups.add(new LinkedHashSet<>());
        model.parameters().forEach((name, parameter) -> {
            if (parameter.value().requiresGrad()) return;
            groups.get(stack.top() - stack.place(name)).add(name);
        });
        groups.removeIf(Set::isEmpty);
        if (groups.isEmpty()) {
            throw new ConfigException("unfreeze_layers_per_epoch is " + layersPerEpoch
                    + ", but nothing is frozen. Set freeze, for instance to base, or delete it.");
        }
        long reached = Math.min(groups.size(), (epochs - 1L) * layersPerEpoch);
        return new Unfreezing(model, groups.subList(0, (int) Math.max(0, reached)), layersPerEpoch);
    }

    /** What the run will make trainable: an optimizer has to know of it from the beginning. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        groups.forEach(names::addAll);
        return names;
    }

    /**
     * Makes trainable what is to be in this epoch, and nothing else of what was frozen.
     *
     * @param epoch from 0
     * @return whether that changes anything
     */
    public boolean at(int epoch) {
        int wanted = (int) Math.min(groups.size(), (long) epoch * groupsPerEpoch);
        boolean changes = open != wanted;
        if (changes) open(wanted);
        return changes;
    }

    private void open(int count) {
        open = count;
        if (groups.isEmpty()) return;
        Map<String, Parameter> parameters = model.parameters();
        for (int i = 0; i < groups.size(); i++) {
            boolean trains = i < count;
            groups.get(i).forEach(name -> parameters.get(name).value().requiresGrad(trains));
        }
    }
}
