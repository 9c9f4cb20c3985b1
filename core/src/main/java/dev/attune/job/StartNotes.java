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

    StartNotes(JobData data, EncodedSets sets, LoadedModel loaded, DType precision) {
        sentences.addAll(loaded.notes());
        sentences.addAll(data.task().notes());
        sentences.addAll(sets.notes());
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
    }

    /** @param inForce by the names of the model's own config; told where the recipe sets one of them */
    StartNotes dropout(DropoutRates asked, Map<String, Double> inForce) {
        if (asked.equals(DropoutRates.NONE)) return this;
        sentences.add(inForce.entrySet().stream()
                .map(rate -> rate.getKey() + " " + rate.getValue())
                .collect(Collectors.joining(", ", "Dropout in training: ", ".")));
        return this;
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
