package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which layers get an adapter, and which parts of the model are trained whole: PEFT's rules and tables. */
final class LoraTargets {
    /** What PEFT's model classes train whole, by the end of the architecture's name. */
    private static final Map<String, List<String>> HEADS = Map.of(
            "ForSequenceClassification", List.of("classifier", "score"),
            "ForTokenClassification", List.of("classifier", "score"),
            "ForQuestionAnswering", List.of("qa_outputs"));

    /** The number of a layer, the last one in a name that stands between two dots after a part of its own. */
    private static final Pattern LAYER = Pattern.compile(".*\\.[^.]*\\.(\\d+)\\..*");

    private LoraTargets() {}

    /** Names of heads of this model, as PEFT adds them to {@code modules_to_save}; some are of other families. */
    static List<String> heads(ModelConfig config) {
        return HEADS.entrySet().stream()
                .filter(head -> config.architectures().stream().anyMatch(name -> name.endsWith(head.getKey())))
                .flatMap(head -> head.getValue().stream())
                .toList();
    }

    /** The names that say which layers get an adapter. */
    static List<String> wanted(LoraConfig lora, ModelConfig config) {
        if (!lora.targetModules().isEmpty()) return lora.targetModules();
        List<String> known = Models.loraTargets(config);
        if (!known.isEmpty()) return known;
        throw new ConfigException("lora_target_modules is missing: there is no default for models of the type \""
                + config.text("model_type", "") + "\". Name the linear layers, or " + LoraConfig.ALL_LINEAR + ".");
    }

    /**
     * The layers that get an adapter, by their full names.
     *
     * @param linears all linear layers
     * @param whole parts of the model that are trained whole
     * @throws ConfigException if a name matches none
     */
    static List<String> layers(
            LoraConfig lora, ModelConfig config, Collection<String> linears, Collection<String> whole) {
        List<String> names = wanted(lora, config);
        List<String> free =
                linears.stream().filter(layer -> !isIn(layer, whole)).toList();
        if (names.equals(List.of(LoraConfig.ALL_LINEAR))) return numbered(lora, free);
        Set<String> found = new LinkedHashSet<>();
        for (String name : names) {
            List<String> matched =
                    free.stream().filter(layer -> endsWith(layer, name)).toList();
            if (matched.isEmpty()) throw nothing("lora_target_modules", name, "linear layer", free);
            found.addAll(matched);
        }
        return numbered(lora, free.stream().filter(found::contains).toList());
    }

    private static List<String> numbered(LoraConfig lora, List<String> layers) {
        List<String> numbers = lora.layersToTransform();
        if (numbers.isEmpty()) return layers;
        List<String> there = new ArrayList<>();
        for (String layer : layers) {
            Matcher number = LAYER.matcher(layer + ".");
            if (number.matches()) there.add(number.group(1));
        }
        for (String number : numbers) {
            if (!there.contains(number)) {
                throw new ConfigException("lora_layers_to_transform has " + number
                        + ", but the layers with such modules have the numbers "
                        + String.join(", ", new LinkedHashSet<>(there)) + ".");
            }
        }
        return layers.stream()
                .filter(layer -> {
                    Matcher number = LAYER.matcher(layer + ".");
                    return number.matches() && numbers.contains(number.group(1));
                })
                .toList();
    }

    /** The parts of the model that one of these names means. */
    static List<String> parts(String name, Collection<String> modules) {
        return modules.stream().filter(module -> endsWith(module, name)).toList();
    }

    /** The error for a name that means no part of the model. */
    static ConfigException nothing(String key, String name, String what, Collection<String> there) {
        Set<String> ends = new TreeSet<>();
        there.forEach(layer -> ends.add(layer.substring(layer.lastIndexOf('.') + 1)));
        ends.removeIf(end -> end.matches("\\d+"));
        return new ConfigException(key + " has \"" + name + "\", but no " + what + " of the model has a name with this"
                + " end." + Suggestion.didYouMean(name, ends) + " There are " + String.join(", ", ends) + ".");
    }

    /** Whether a layer or parameter is one of these parts, or below one. */
    static boolean isIn(String name, Collection<String> parts) {
        return parts.stream().anyMatch(part -> name.equals(part) || name.startsWith(part + "."));
    }

    private static boolean endsWith(String layer, String name) {
        return layer.equals(name) || layer.endsWith("." + name);
    }
}
