package dev.attune.job;

import dev.attune.model.DropoutRates;
import dev.attune.model.LoadedModel;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import dev.attune.train.MixedPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run tells its user before the first step, in the order in which it was found out. */
final class StartNotes {
    private final List<String> sentences = new ArrayList<>();

    StartNotes(OpenJob job) {
        LoadedModel loaded = job.loaded();
        DType precision = job.recipe().training().precision();
        sentences.addAll(loaded.notes());
        sentences.addAll(job.data().task().notes());
        sentences.addAll(job.sets().notes());
        if (precision == DType.BFLOAT16 && Cpu.here().lacksBfloat16()) {
            sentences.add("bf16 is on, but this CPU has no instructions for it: training takes two to"
                    + " four times as long as without. Leave bf16 off on this machine.");
        }
        if (precision == DType.FLOAT16 && !Cpu.here().hasFloat16()) {
            sentences.add("fp16 is on, but this CPU has no instructions for it: training takes several times as long as"
                    + " without. "
                    + (Cpu.here().hasBfloat16() ? "bf16 is fast on this machine." : "Leave fp16 off on this machine."));
        }
        if (!loaded.untrained().isEmpty() && !loaded.report().loaded().isEmpty()) {
            sentences.add("New and untrained: " + String.join(", ", loaded.untrained()) + ".");
        }
        if (!job.model().dropout().equals(DropoutRates.NONE)) sentences.add(dropout(job.dropout()));
    }

    /** @param rates by the names of the model's own config */
    private static String dropout(Map<String, Double> rates) {
        return rates.entrySet().stream()
                .map(rate -> rate.getKey() + " " + rate.getValue())
                .collect(Collectors.joining(", ", "Dropout in training: ", "."));
    }

    /** @param asked for in the recipe; null if it says nothing */
    StartNotes precision(@Nullable MixedPrecision asked) {
        if (asked == MixedPrecision.AUTO) sentences.add(MixedPrecision.reason(Cpu.here()));
        return this;
    }

    StartNotes and(List<String> others) {
        sentences.addAll(others);
        return this;
    }

    List<String> sentences() {
        return List.copyOf(sentences);
    }
}
