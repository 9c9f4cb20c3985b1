package dev.attune.optim;

import dev.attune.model.LayerStack;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parameters of a model in groups that are treated alike. Which ones weight decay pulls towards zero is the rule of
 * Hugging Face's Trainer: all but those of normalisation layers and those whose name speaks of a bias or a norm.
 * Embeddings, poolers and heads are decayed.
 *
 * @param groups those with weight decay first
 */
public record ParameterGroups(List<ParameterGroup> groups) {
    private static final Pattern FREE = Pattern.compile("bias|layernorm|rmsnorm|(?:^|\\.)norm(?:$|\\.)|_norm(?:$|\\.)");

    /** Two groups of the parameters that require a gradient, decayed and not; frozen ones are in neither. */
    public static ParameterGroups of(Map<String, Parameter> parameters, double weightDecay) {
        LayerStack none = new LayerStack(List.of(), List.of());
        return of(parameters, Set.of(), none, GroupRules.of(0, weightDecay), Set.of());
    }

    /**
     * The groups of a model.
     *
     * @param later names of parameters that require no gradient yet, but will
     * @throws dev.attune.error.ConfigException if a rule speaks of parameters that the model does not have
     */
    public static ParameterGroups of(PretrainedModel model, GroupRules rules, Set<String> later) {
        return of(model.parameters(), model.headParameters(), model.stack(), rules, later);
    }

    private static ParameterGroups of(
            Map<String, Parameter> parameters,
            Set<String> head,
            LayerStack stack,
            GroupRules rules,
            Set<String> later) {
        ParameterRules each = new ParameterRules(parameters, head, stack, rules);
        List<ParameterGroup> groups = new ArrayList<>();
        for (boolean decayed : new boolean[] {true, false}) {
            Map<String, Parameter> some = new LinkedHashMap<>();
            parameters.forEach((name, parameter) -> {
                boolean isTrained = parameter.value().requiresGrad() || later.contains(name);
                if (isTrained && isDecayed(name, parameter) == decayed) some.put(name, parameter);
            });
            groups.addAll(each.groups(some, decayed));
        }
        return new ParameterGroups(groups);
    }

    /** Whether weight decay is for this parameter. */
    static boolean isDecayed(String name, Parameter parameter) {
        return !parameter.ofNorm()
                && !FREE.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** All parameters, decayed ones first. */
    public List<Parameter> all() {
        List<Parameter> all = new ArrayList<>();
        groups.forEach(group -> all.addAll(group.parameters().values()));
        return all;
    }
}
