package dev.attune.job;

import dev.attune.config.ArgumentKey;
import dev.attune.error.Suggestion;
import dev.attune.task.Tasks;
import java.util.List;

/** The sentence for a name that is no task. */
final class TaskNames {
    private TaskNames() {}

    static String unknown(String name) {
        List<String> keys = Tasks.keys();
        ArgumentKey task = JobArguments.SCHEMA.find("task").orElseThrow();
        String one = "task must be one of " + String.join(", ", keys) + ".";
        if (task.isLater(name)) {
            return "task is \"" + name + "\", which this version does not support yet; " + one;
        }
        return "task is \"" + name + "\", but must be one of " + String.join(", ", keys) + "."
                + Suggestion.didYouMean(name, keys);
    }
}
