package dev.attune.optim;

import dev.attune.error.ConfigException;
import dev.attune.model.LayerStack;
import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link GroupRules} for the parameters of one model. */
final class ParameterRules {
    private final GroupRules rules;
    private final Set<String> head;
    private final PatternValues rates;
    private final PatternValues decays;
    private final LayerStack stack;

    /**
     * @param parameters all of the model, frozen ones too
     * @param stack the model's; each layer below the head is one further from it, the embeddings most
     */
    ParameterRules(Map<String, Parameter> parameters, Set<String> head, LayerStack stack, GroupRules rules) {
        this.rules = rules;
        this.head = head;
        rates = new PatternValues("learning_rates", rules.learningRates(), parameters.keySet());
        decays = new PatternValues("weight_decays", rules.weightDecays(), parameters.keySet());
        this.stack = stack;
        rates.requireMatches(parameters.keySet(), "parameter");
        List<String> decayed = parameters.keySet().stream()
                .filter(name -> ParameterGroups.isDecayed(name, parameters.get(name)))
                .toList();
        decays.requireMatches(decayed, "parameter with weight decay; biases and normalisation weights never have any");
        if (rules.headLearningRate() != null && head.isEmpty()) {
            throw new ConfigException("head_learning_rate is set, but this model has no head. Delete it.");
        }
    }

    private record Treatment(double weightDecay, double rateFactor) {}

    /** Parameters that are all decayed, or all not, by what they get. */
    List<ParameterGroup> groups(Map<String, Parameter> parameters, boolean decayed) {
        Map<Treatment, Map<String, Parameter>> groups = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> groups.computeIfAbsent(
                        new Treatment(decayed ? weightDecay(name) : 0, rateFactor(name)), same -> new LinkedHashMap<>())
                .put(name, parameter));
        List<ParameterGroup> list = new ArrayList<>();
        groups.forEach((treatment, members) ->
                list.add(new ParameterGroup(members, treatment.weightDecay(), treatment.rateFactor())));
        return list;
    }

    private double weightDecay(String name) {
        Double own = decays.of(name);
        return own == null ? rules.weightDecay() : own;
    }

    private double rateFactor(String name) {
        Double own = rates.of(name);
        if (own == null && head.contains(name)) own = rules.headLearningRate();
        if (own != null) return own / rules.learningRate();
        return Math.pow(rules.layerDecay(), stack.top() - stack.place(name));
    }
}
