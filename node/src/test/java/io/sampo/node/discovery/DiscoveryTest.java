package io.sampo.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Joining a cluster that is being formed, against a registry in memory. */
class DiscoveryTest {
  private static final String MEMBERS = "/_etcd/registry/t/members/";

  private final MemoryRegistry registry = new MemoryRegistry();
  private final List<Duration> pauses = new ArrayList<>();

  @Test
  void aMemberRegistersAndGoesOnWhenAllAreThere() throws Exception {
    registry.write("/_etcd/registry/t/_config/size", "3");
    registry.write(MEMBERS + "1", "a=http://a:1");
    registry.later.add(Map.entry(MEMBERS + "3", "c=http://c:1,c=http://c:2"));

    assertEquals(
        "a=http://a:1,b=http://b:1,c=http://c:1,c=http://c:2",
        discovery().join("2", "b=http://b:1"));
    assertEquals(List.of(), pauses);
  }

  @Test
  void whoIsNoMemberIsPassedOver() throws Exception {
    registry.write("/_etcd/registry/t/_config/size", "2");
    registry.write(MEMBERS + "9", "no member");
    registry.later.add(Map.entry(MEMBERS + "2", "again=http://b:1"));
    registry.later.add(Map.entry(MEMBERS + "3", " c=http://c:1\n"));

    assertEquals("b=http://b:1,c=http://c:1", discovery().join("2", "b=http://b:1"));
  }

  @Test
  void aFullClusterTakesNobody() {
    registry.write("/_etcd/registry/t/_config/size", "1");
    registry.write(MEMBERS + "1", "a=http://a:1");

    refuses("discovery: cluster is full");
    assertTrue(registry.listMembers().stream().noneMatch(entry -> entry.key().endsWith("2")));
  }

  @Test
  void whoRegisteredTooLateIsNotInIt() {
    registry.write("/_etcd/registry/t/_config/size", "1");
    registry.beforePut = () -> registry.write(MEMBERS + "1", "a=http://a:1");

    refuses("discovery: cluster is full");
  }

  @Test
  void whoIsInAFullClusterAlreadyIsIn() throws Exception {
    registry.write("/_etcd/registry/t/_config/size", "2");
    registry.write(MEMBERS + "2", "b=http://b:1");
    registry.write(MEMBERS + "1", "a=http://a:1");

    assertEquals("b=http://b:1,a=http://a:1", discovery().join("2", "b=http://b:1"));
  }

  @Test
  void theSizeMustBeANumberAboveZero() {
    refuses("discovery: size key not found");
    for (String bad : List.of("", "0", "-1", "three", "1.5", " 3")) {
      registry.write("/_etcd/registry/t/_config/size", bad);
      refuses("discovery: size key is bad");
    }
  }

  @Test
  void aMemberWithoutUsableUrlsIsNoMemberOfACluster() {
    registry.write("/_etcd/registry/t/_config/size", "2");
    registry.write(MEMBERS + "1", "a=nonsense");

    refuses("discovery: invalid peer URL");
  }

  @Test
  void failedCallsAreRepeatedWithLongerPausesUntilOneSucceeds() throws Exception {
    registry.write("/_etcd/registry/t/_config/size", "1");
    registry.failures = 10;

    assertEquals("b=http://b:1", discovery().join("2", "b=http://b:1"));
    assertEquals(
        List.of(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 256L, 256L),
        pauses.stream().map(Duration::toSeconds).toList());
  }

  @Test
  void aHistoryThatWasCompactedIsListedAgain() throws Exception {
    registry.write("/_etcd/registry/t/_config/size", "2");
    registry.compacted = () -> registry.write(MEMBERS + "3", "c=http://c:1");

    assertEquals("b=http://b:1,c=http://c:1", discovery().join("2", "b=http://b:1"));
  }

  @Test
  void aTokenIsPartOfAPath() {
    assertEquals(
        new RegistryKeys("/_etcd/registry/x/_config/size", "/_etcd/registry/x/members"),
        RegistryKeys.of("a/../x//"));
  }

  private Discovery discovery() {
    DiscoverySettings none = DiscoverySettings.NONE;
    return new Discovery(
        new DiscoverySettings("t", List.of("e"), none.client(), none.dns()), registry, pauses::add);
  }

  private void refuses(String reason) {
    DiscoveryException refusal =
        assertThrows(DiscoveryException.class, () -> discovery().join("2", "b=http://b:1"));
    assertEquals(reason, refusal.getMessage());
  }

  /** Keys with the revisions at which they were created. */
  private static final class MemoryRegistry implements Registry {
    private final Map<String, Entry> entries = new TreeMap<>();

    /** What is written while somebody watches. */
    private final List<Map.Entry<String, String>> later = new ArrayList<>();

    private Runnable beforePut = () -> {};
    private Runnable compacted = () -> {};
    private int failures;
    private long revision = 1;

    void write(String key, String value) {
      revision++;
      long created = entries.containsKey(key) ? entries.get(key).createRevision() : revision;
      entries.put(key, new Entry(key, value, created));
    }

    List<Entry> listMembers() {
      return entries.values().stream().filter(entry -> entry.key().startsWith(MEMBERS)).toList();
    }

    private void failSometimes() throws RegistryException {
      if (failures > 0) {
        failures--;
        throw new RegistryException("context deadline exceeded");
      }
    }

    @Override
    public Listing get(String key) throws RegistryException {
      failSometimes();
      return new Listing(
          revision, entries.containsKey(key) ? List.of(entries.get(key)) : List.of());
    }

    @Override
    public Listing list(String prefix) {
      return new Listing(
          revision,
          entries.values().stream().filter(entry -> entry.key().startsWith(prefix)).toList());
    }

    @Override
    public void put(String key, String value) {
      beforePut.run();
      write(key, value);
    }

    @Override
    public void watch(String prefix, long from, Predicate<List<Entry>> enough)
        throws RegistryException {
      assertEquals(revision + 1, from);
      for (Map.Entry<String, String> written : later) {
        write(written.getKey(), written.getValue());
        if (enough.test(List.of(new Entry(written.getKey(), written.getValue(), revision)))) {
          return;
        }
      }
      compacted.run();
      throw new RegistryException("etcdserver: mvcc: required revision has been compacted");
    }
  }
}
