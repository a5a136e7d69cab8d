package io.sampo.node.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

class EventLogsTest {
  @Test
  void thePageIsThereAndListsNothing() throws Exception {
    HttpResponse response =
        new EventLogs().apply(HttpRequest.GET(EventLogs.PATH)).toCompletableFuture().get();
    assertEquals(200, response.status().intValue());
    HttpEntity.Strict entity = (HttpEntity.Strict) response.entity();
    assertEquals("text/html; charset=UTF-8", entity.getContentType().toString());
    assertTrue(entity.getData().utf8String().contains("<h1>/debug/events</h1>"));
  }
}
