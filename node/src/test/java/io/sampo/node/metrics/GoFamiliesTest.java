package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoFamiliesTest {
  private final MetricsRegistry registry = new MetricsRegistry();

  @BeforeEach
  void register() {
    GoFamilies.register(registry);
  }

  @Test
  void theRuntimeIsNamed() {
    assertEquals(1, value("go_info{version=\"java" + Runtime.version() + "\"}"));
  }

  @Test
  void theHeapIsWhatIsUsedAndWhatIsIdle() {
    double used = value("go_memstats_heap_inuse_bytes");
    double committed = value("go_memstats_heap_sys_bytes");
    assertTrue(used > 1 << 20 && used <= committed, used + " of " + committed);
    assertTrue(value("go_memstats_heap_idle_bytes") < committed);
    assertTrue(value("go_memstats_next_gc_bytes") > 0);
    assertTrue(committed < value("go_memstats_sys_bytes"));
    assertTrue(value("go_gc_gomemlimit_bytes") >= committed);
  }

  @Test
  void threadsOfTheProcessAreMoreThanThoseOfJava() {
    double java = value("go_goroutines");
    assertTrue(java > 1 && value("go_threads") > java, java + " of " + value("go_threads"));
    assertTrue(value("go_memstats_stack_sys_bytes") > java * (1 << 16));
  }

  @Test
  void allocationsAreCounted() {
    double before = value("go_memstats_alloc_bytes_total");
    assertTrue(before > 0);
    assertTrue(value("go_memstats_alloc_bytes_total") >= before);
  }

  @Test
  void pausesAreASummaryWithGosQuantiles() {
    String page = new String(registry.scrape(), StandardCharsets.UTF_8);
    assertTrue(page.contains("# TYPE go_gc_duration_seconds summary"), page);
    for (String quantile : new String[] {"0", "0.25", "0.5", "0.75", "1"}) {
      assertTrue(page.contains("go_gc_duration_seconds{quantile=\"" + quantile + "\"} "), page);
    }
    assertTrue(page.contains("\ngo_gc_duration_seconds_count "), page);
  }

  private double value(String series) {
    return MetricsPage.value(registry, series);
  }
}
