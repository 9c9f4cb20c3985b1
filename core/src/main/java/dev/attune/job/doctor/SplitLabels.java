package dev.attune.job.doctor;

import dev.attune.task.Findings;
import dev.attune.task.LabelFindings;
import java.util.ArrayList;
import java.util.List;

/** Labels that occur in one of two sets only. */
public final class SplitLabels {
    private SplitLabels() {}

    /** @param set what the model is evaluated on */
    public static Findings of(SetScan train, SetScan set) {
        List<String> onlyTrain = new ArrayList<>();
        List<String> onlySet = new ArrayList<>();
        List<String> names = train.rows().labels();
        long[] trained = train.tally().labels();
        long[] evaluated = set.tally().labels();
        for (int id = 0; id < names.size(); id++) {
            if (trained[id] > 0 && evaluated[id] == 0) onlyTrain.add(names.get(id));
            if (trained[id] == 0 && evaluated[id] > 0) onlySet.add(names.get(id));
        }
        Findings.Builder found = Findings.of("split_labels")
                .fact("set", set.role())
                .fact("only_train", onlyTrain)
                .fact("only_set", onlySet);
        if (!onlySet.isEmpty()) {
            found.warning(
                    "only %s has: %s. The model cannot learn what the training data lack",
                    set.role(), LabelFindings.listed(onlySet));
        }
        if (!onlyTrain.isEmpty()) {
            found.warning(
                    "%s lacks: %s. The metrics say nothing about it", set.role(), LabelFindings.listed(onlyTrain));
        }
        return found.build();
    }
}
