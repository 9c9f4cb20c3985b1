package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTest {
    @TempDir
    Path temp;

    private Cpu with(String cpuinfo) throws Exception {
        return Cpu.of(Files.writeString(temp.resolve("cpuinfo"), cpuinfo));
    }

    @Test
    void readsTheFlagsOfTheFirstProcessor() throws Exception {
        Cpu cpu = with(
                "processor\t: 0\nmodel name\t: A B\nflags\t\t: fpu avx2 avx512f fpu\n\nprocessor\t: 1\nflags\t\t: fpu amx_bf16\n");
        assertThat(cpu.isKnown()).isTrue();
        assertThat(cpu.name()).isEqualTo("A B");
        assertThat(cpu.has("avx512f")).isTrue();
        assertThat(cpu.has("avx")).isFalse();
        assertThat(cpu.hasBfloat16()).isFalse();
    }

    @Test
    void bfloat16HasAnotherNameOnEachArchitecture() throws Exception {
        assertThat(with("flags : avx2 avx512_bf16\n").hasBfloat16()).isTrue();
        assertThat(with("flags : avx2 amx_bf16\n").hasBfloat16()).isTrue();
        assertThat(with("Features\t: fp asimd bf16 i8mm\n").hasBfloat16()).isTrue();
    }

    @Test
    void otherSystemsAreUnknown() {
        assertThat(Cpu.of(temp.resolve("missing")).isKnown()).isFalse();
        assertThat(Cpu.of(temp.resolve("missing")).name()).isEqualTo("unknown");
        assertThat(Cpu.of(temp.resolve("missing")).hasBfloat16()).isFalse();
    }
}
