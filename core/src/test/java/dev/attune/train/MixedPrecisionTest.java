package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixedPrecisionTest {
    private static Cpu cpu(Path folder, String flags) throws IOException {
        return Cpu.of(Files.writeString(folder.resolve("cpuinfo"), "model name\t: Some CPU\nflags\t: " + flags + "\n"));
    }

    @Test
    void autoGoesByTheProcessor(@TempDir Path folder) throws IOException {
        Cpu amx = cpu(folder, "fpu avx512f avx512_bf16 amx_bf16");
        assertThat(MixedPrecision.AUTO.on(amx)).isEqualTo(MixedPrecision.BF16);
        assertThat(MixedPrecision.reason(amx))
                .isEqualTo("mixed_precision auto: bf16, because this processor (Some CPU) has instructions for it"
                        + " (amx_bf16).");
        Cpu old = cpu(folder, "fpu avx2 f16c");
        assertThat(MixedPrecision.AUTO.on(old)).isEqualTo(MixedPrecision.NO);
        assertThat(MixedPrecision.reason(old))
                .isEqualTo("mixed_precision auto: no, because this processor (Some CPU) has no instructions for bf16.");
        Cpu unknown = Cpu.of(folder.resolve("none"));
        assertThat(MixedPrecision.AUTO.on(unknown)).isEqualTo(MixedPrecision.NO);
        assertThat(MixedPrecision.reason(unknown)).endsWith(" does not tell whether it has instructions for bf16.");
        for (MixedPrecision asked : MixedPrecision.values()) {
            if (asked != MixedPrecision.AUTO) assertThat(asked.on(old)).isEqualTo(asked);
        }
    }

    @Test
    void theKeysGiveTheType() {
        assertThat(TrainingArguments.builder().build().precision()).isEqualTo(DType.FLOAT32);
        assertThat(TrainingArguments.builder().bf16(true).build().precision()).isEqualTo(DType.BFLOAT16);
        assertThat(TrainingArguments.builder().fp16(true).build().precision()).isEqualTo(DType.FLOAT16);
        for (MixedPrecision mixed :
                new MixedPrecision[] {MixedPrecision.NO, MixedPrecision.BF16, MixedPrecision.FP16}) {
            assertThat(TrainingArguments.builder().mixedPrecision(mixed).build().precision())
                    .isEqualTo(mixed.type());
        }
        assertThat(MixedPrecision.FP16.type()).isEqualTo(DType.FLOAT16);
        assertThat(MixedPrecision.BF16.type()).isEqualTo(DType.BFLOAT16);
        assertThat(MixedPrecision.NO.type()).isEqualTo(DType.FLOAT32);
    }
}
