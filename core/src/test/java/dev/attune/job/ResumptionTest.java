package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.task.TaskType;
import dev.attune.task.Tasks;
import dev.attune.tensor.Native;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ResumptionTest {
    @Test
    void otherKernelsAreSaid() {
        Map<String, String> before = new TreeMap<>(Native.kernels());
        assertThat(notes(before)).as("the same machine").isEmpty();
        before.put("cpu", "another one");
        before.put("OPENBLAS_CORETYPE", "Prescott");
        assertThat(notes(before))
                .singleElement()
                .asString()
                .startsWith("The run computed with other kernels before: OPENBLAS_CORETYPE was Prescott and is ")
                .contains(", cpu was another one and is ")
                .endsWith(". Sums may come in another order, so its last digits may differ.");
    }

    @Test
    void runsThatDidNotRecordThemAreLeftAlone() {
        assertThat(notes(null)).isEmpty();
    }

    @Test
    void aKeyThatAnOlderVersionDidNotHaveWasAtItsDefault() {
        TaskType<?> task = Tasks.named(Tasks.DEFAULT);
        Map<String, Object> older = new TreeMap<>(Recipe.defaults(task));
        older.remove("freeze");
        older.remove("oversample_by");
        Resumption resumption = before(Map.of("task", task.key(), "arguments", older));
        resumption.compare(Map.of("task", task.key(), "arguments", Recipe.defaults(task)), OnChange.REFUSE);
        Map<String, Object> now = new TreeMap<>(Recipe.defaults(task));
        now.put("freeze", List.of("embeddings"));
        assertThatThrownBy(() -> resumption.compare(Map.of("task", task.key(), "arguments", now), OnChange.REFUSE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(" was another one: freeze was [] and is [\"embeddings\"].");
    }

    private static Resumption before(Map<String, Object> run) {
        return new Resumption(Path.of("checkpoint-1"), JsonMapper.shared().valueToTree(run), new ArrayList<>());
    }

    private static List<String> notes(Object kernels) {
        List<String> notes = new ArrayList<>();
        int threads = Native.threads();
        Map<String, Object> run =
                kernels == null ? Map.of("threads", threads) : Map.of("threads", threads, "kernels", kernels);
        new Resumption(Path.of("checkpoint-1"), JsonMapper.shared().valueToTree(run), notes).resumeThreads();
        return notes;
    }
}
