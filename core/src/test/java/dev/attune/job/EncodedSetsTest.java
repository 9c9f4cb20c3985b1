package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Encoded;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.task.Part;
import dev.attune.task.TaskData;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedSetsTest {
    private final List<Part> closed = new ArrayList<>();

    private final class Files implements Examples {
        private final Part part;

        Files(Part part) {
            this.part = part;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public int length(int example) {
            return 1;
        }

        @Override
        public Example get(int example, int epoch) {
            throw new AssertionError();
        }

        @Override
        public int row(int example) {
            return example;
        }

        @Override
        public String where(int example) {
            return "row";
        }

        @Override
        public void close() {
            closed.add(part);
        }
    }

    @Test
    void setsThatAreOpenAreClosedWhenALaterOneFails() {
        TaskData task = (TaskData) Proxy.newProxyInstance(
                TaskData.class.getClassLoader(), new Class<?>[] {TaskData.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("encode");
                    if (arguments[0] == Part.TEST) throw new DataException("a wrong row");
                    return new Encoded(new Files((Part) arguments[0]), List.of(), false, false);
                });
        Dataset rows = Datasets.of("rows", List.of(Map.of("text", "good")));
        JobData data = new JobData(task, rows, rows, Map.of("more", rows), rows, DataCache.off());
        assertThatThrownBy(() -> EncodedSets.of(data, null, 8))
                .isInstanceOf(DataException.class)
                .hasMessage("a wrong row");
        assertThat(closed).containsExactly(Part.TRAIN, Part.VALIDATION, Part.VALIDATION);
    }
}
