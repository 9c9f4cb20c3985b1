package dev.attune.job;

import dev.attune.task.Finding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Looks at the data of a job without training: what {@code attune check} shows. */
public final class DataDoctor {
    private DataDoctor() {}

    /** What the task says of each set, and of both together. */
    public static List<Finding> check(Recipe recipe) {
        JobModel model = JobModel.of(recipe.job());
        JobData data = JobData.read(recipe, Hooks.NONE);
        List<Finding> findings = new ArrayList<>();
        try (Tokenizer tokenizer = model.tokenizer()) {
            int maxLength = model.maxLength(tokenizer, recipe.job().maxLength());
            model.config().notes().forEach(note -> findings.add(new Finding(Finding.Level.INFO, note)));
            data.task().notes().forEach(note -> findings.add(new Finding(Finding.Level.WARNING, note)));
            findings.addAll(data.task().check("train", data.train(), tokenizer, maxLength));
            if (data.validation() != null) {
                findings.addAll(data.task().check("validation", data.validation(), tokenizer, maxLength));
                findings.addAll(data.task().compare(data.train(), data.validation()));
            }
            if (data.test() != null) findings.addAll(data.task().check("test", data.test(), tokenizer, maxLength));
        }
        return findings;
    }
}
