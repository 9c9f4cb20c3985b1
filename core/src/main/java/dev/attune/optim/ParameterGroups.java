package dev.attune.optim;

import dev.attune.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which parameters weight decay pulls towards zero, by the rule of Hugging Face's Trainer: all but those of normalisation
 * layers and those whose name speaks of a bias or a norm. Embeddings, poolers and heads are decayed.
 *
 * @param decayed parameters with weight decay, by name
 * @param free parameters without
 */
public record ParameterGroups(Map<String, Parameter> decayed, Map<String, Parameter> free) {
    private static final Pattern FREE = Pattern.compile("bias|layernorm|rmsnorm|(?:^|\\.)norm(?:$|\\.)|_norm(?:$|\\.)");

    /** Groups the parameters that require a gradient; frozen ones are in neither group. */
    public static ParameterGroups of(Map<String, Parameter> parameters) {
        Map<String, Parameter> decayed = new LinkedHashMap<>();
        Map<String, Parameter> free = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            if (!parameter.value().requiresGrad()) return;
            boolean isFree = parameter.ofNorm()
                    || FREE.matcher(name.toLowerCase(Locale.ROOT)).find();
            (isFree ? free : decayed).put(name, parameter);
        });
        return new ParameterGroups(decayed, free);
    }

    /** All parameters, decayed ones first. */
    public List<Parameter> all() {
        List<Parameter> all = new ArrayList<>(decayed.values());
        all.addAll(free.values());
        return all;
    }
}
