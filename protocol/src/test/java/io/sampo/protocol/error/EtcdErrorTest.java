package io.sampo.protocol.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EtcdErrorTest {

  /** How many errors etcd 3.7.1's table has for each code, as the wire shows them. */
  @Test
  void theTableIsComplete() {
    Map<Status.Code, Long> counts =
        Arrays.stream(EtcdError.values())
            .collect(
                Collectors.groupingBy(
                    EtcdError::code,
                    () -> new EnumMap<>(Status.Code.class),
                    Collectors.counting()));
    Map<Status.Code, Long> expected = new EnumMap<>(Status.Code.class);
    expected.put(Status.Code.CANCELLED, 2L);
    expected.put(Status.Code.UNKNOWN, 2L);
    expected.put(Status.Code.INVALID_ARGUMENT, 18L);
    expected.put(Status.Code.DEADLINE_EXCEEDED, 1L);
    expected.put(Status.Code.NOT_FOUND, 2L);
    expected.put(Status.Code.PERMISSION_DENIED, 1L);
    expected.put(Status.Code.RESOURCE_EXHAUSTED, 1L);
    expected.put(Status.Code.FAILED_PRECONDITION, 23L);
    expected.put(Status.Code.OUT_OF_RANGE, 3L);
    expected.put(Status.Code.UNAVAILABLE, 8L);
    expected.put(Status.Code.DATA_LOSS, 1L);
    expected.put(Status.Code.UNAUTHENTICATED, 1L);
    assertEquals(expected, counts);
  }

  @Test
  void everyTextHasEtcdsPrefixAndIsThereOnce() {
    for (EtcdError error : EtcdError.values()) {
      assertTrue(error.text().startsWith("etcdserver: "), error.name());
    }
    assertEquals(
        EtcdError.values().length,
        Arrays.stream(EtcdError.values()).map(EtcdError::text).distinct().count());
  }

  @Test
  void everyErrorIsRecognizedByCodeAndText() {
    for (EtcdError error : EtcdError.values()) {
      assertTrue(error.is(error.exception()), error.name());
      EtcdException another = new EtcdException(error.code(), error.text());
      assertEquals(Optional.of(error), EtcdError.of(another));
    }
    EtcdException otherCode =
        new EtcdException(Status.Code.UNKNOWN, EtcdError.MEMBER_NOT_FOUND.text());
    assertEquals(Optional.empty(), EtcdError.of(otherCode));
    assertFalse(EtcdError.MEMBER_NOT_FOUND.is(otherCode));
  }

  @Test
  void whatFuturesPutAroundAnErrorDoesNotHideIt() {
    Throwable wrapped =
        new CompletionException(new ExecutionException(EtcdError.NO_SPACE.exception()));
    assertTrue(EtcdError.NO_SPACE.is(wrapped));
    assertFalse(EtcdError.COMPACTED.is(wrapped));
    assertEquals(Optional.empty(), EtcdError.of(new CompletionException("no cause", null)));
    assertFalse(EtcdError.NO_SPACE.is(null));
  }

  @Test
  void anErrorAsGoPrintsIt() {
    assertEquals(
        "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
        EtcdError.PERMISSION_DENIED.exception().asGoError());
  }
}
