package dev.attune.optim;

import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        Map<String, Parameter> decayed = new LinkedHashMap<>();
        Map<String, Parameter> free = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.value().requiresGrad()) (isDecayed(name, parameter) ? decayed : free).put(name, parameter);
        });
        return new ParameterGroups(
                List.of(new ParameterGroup(decayed, weightDecay, 1), new ParameterGroup(free, 0, 1)));
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
