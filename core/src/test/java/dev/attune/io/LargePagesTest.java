package dev.attune.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LargePagesTest {
    private static final String ON_REQUEST = "always [madvise] never\n";

    @Test
    void kernelDecidesFirst() {
        assertEquals(LargePages.ALWAYS, LargePages.of("[always] madvise never\n", null));
        assertEquals(LargePages.NONE, LargePages.of("always madvise [never]\n", "glibc.malloc.hugetlb=1"));
        assertEquals(LargePages.NONE, LargePages.of("", null), "no such file: not Linux");
    }

    @Test
    void onRequestTheEnvironmentSaysWhoAsks() {
        assertEquals(LargePages.TENSORS, LargePages.of(ON_REQUEST, null));
        assertEquals(LargePages.TENSORS, LargePages.of(ON_REQUEST, "glibc.malloc.arena_max=2"));
        assertEquals(LargePages.ALL_MEMORY, LargePages.of(ON_REQUEST, "glibc.malloc.hugetlb=1"));
        assertEquals(
                LargePages.ALL_MEMORY, LargePages.of(ON_REQUEST, "glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1"));
    }

    @Test
    void wordsSayWhatToSet() {
        assertTrue(LargePages.TENSORS.toString().contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1"));
    }
}
