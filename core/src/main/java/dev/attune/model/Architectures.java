package dev.attune.model;

import dev.attune.error.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the reference's names of classes tell: {@code BertForTokenClassification} is a Bert with a head for tokens. */
public final class Architectures {
    private static final List<Map.Entry<String, Head>> ENDINGS = List.of(
            Map.entry("ForSequenceClassification", Head.SEQUENCE_CLASSIFICATION),
            Map.entry("ForTokenClassification", Head.TOKEN_CLASSIFICATION),
            Map.entry("ForQuestionAnswering", Head.QUESTION_ANSWERING),
            Map.entry("ForMaskedLM", Head.MASKED_LM),
            // A second head, for whether two sentences follow one another, is beside it.
            Map.entry("ForPreTraining", Head.MASKED_LM),
            Map.entry("ForCausalLM", Head.CAUSAL_LM),
            Map.entry("LMHeadModel", Head.CAUSAL_LM),
            Map.entry("ForConditionalGeneration", Head.SEQUENCE_TO_SEQUENCE),
            Map.entry("Model", Head.BACKBONE));

    private static final Pattern FAMILY_AND_END = Pattern.compile("(\\w+?)(For[A-Z]|LMHead|Mo)\\w*");

    private Architectures() {}

    /** The head of a class; null if Attune has none like it. */
    public static @Nullable Head head(String architecture) {
        for (Map.Entry<String, Head> ending : ENDINGS) {
            if (architecture.endsWith(ending.getKey())) return ending.getValue();
        }
        return null;
    }

    /** {@code " Did you mean \"BertForMaskedLM\"?"} for a name with a typing error in its end; else the empty string. */
    public static String didYouMean(String architecture) {
        Matcher parts = FAMILY_AND_END.matcher(architecture);
        if (!parts.matches()) return "";
        List<String> names = ENDINGS.stream()
                .map(ending -> parts.group(1) + ending.getKey())
                .filter(name -> !name.equals(architecture))
                .toList();
        return Suggestion.didYouMean(architecture, names, 3);
    }

    /** How the names of classes with this head end, in most families. */
    public static String ending(Head head) {
        return ENDINGS.stream()
                .filter(ending -> ending.getValue() == head)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** The class of the backbone below a class with a head: {@code BertModel}. */
    public static String backbone(String architecture) {
        for (Map.Entry<String, Head> ending : ENDINGS) {
            if (architecture.endsWith(ending.getKey())) {
                return architecture.substring(
                                0, architecture.length() - ending.getKey().length()) + "Model";
            }
        }
        return architecture.replaceFirst("(?<=.)For[A-Z]\\w*$", "Model");
    }
}
